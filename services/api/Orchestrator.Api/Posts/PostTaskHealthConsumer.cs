using MassTransit;
using Orchestrator.Contracts;
using Orchestrator.Messaging;

namespace Orchestrator.Api.Posts;

internal sealed class PostTaskHealthConsumer(TaskPostDesk desk) : IConsumer<Batch<PostTaskHealth>>
{
    public Task Consume(ConsumeContext<Batch<PostTaskHealth>> context) => desk.TakeAsync(
        [.. context.Message.Select(post => new ReceivedPost(post.Message, post.BrokerUser(), post.ReceiveContext.Body.GetBytes().Length))], context.CancellationToken);
}
