using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Posts;

/// <summary>What came over the bus goes into the same box as what came over HTTP. The API has read and counted it.</summary>
internal sealed class TakeTaskPostsConsumer(NodeTasks tasks, IOptions<NodeAgentOptions> options) : IConsumer<TakeTaskPosts>
{
    public Task Consume(ConsumeContext<TakeTaskPosts> context)
    {
        if (context.Message.NodeId == options.Value.NodeId)
        {
            foreach (var post in context.Message.Posts)
            {
                tasks.Find(post.TaskId)?.Posts.Put(post.Health, post.Order);
            }
        }

        return Task.CompletedTask;
    }
}
