using MassTransit;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.Messaging;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Tasks;

namespace Orchestrator.NodeAgent.Logs;

internal sealed class ReadTaskLogsConsumer(NodeTasks tasks, IContainerRuntime runtime, IOptions<NodeAgentOptions> options) : IConsumer<ReadTaskLogs>
{
    private const int LinesPerMessage = 500;

    public async Task Consume(ConsumeContext<ReadTaskLogs> context)
    {
        var question = context.Message;
        var containers = question.TaskIds
            .Select(id => (TaskId: id, tasks.Find(id)?.Container))
            .Where(pair => pair.Container is not null)
            .ToList();
        try
        {
            var lines = await Task.WhenAll(containers.Select(pair => runtime.ReadLogsAsync(pair.TaskId, pair.Container!.Id, question.Tail, context.CancellationToken)));
            var chunks = lines.SelectMany(list => list).OrderBy(line => line.At).Chunk(LinesPerMessage).DefaultIfEmpty([]).ToList();
            var answers = chunks.Select((chunk, i) => Answer(question, chunk, done: i == chunks.Count - 1)).ToList();

            // The last one says that all have come, so it goes after the others.
            await context.PublishManyAsync(answers.SkipLast(1).ToList(), context.CancellationToken);
            await context.Publish(answers[^1], context.CancellationToken);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or global::Docker.DotNet.DockerApiException)
        {
            await context.Publish(Answer(question, [], done: true) with { Error = $"the engine does not give the logs: {exception.Message}" }, context.CancellationToken);
        }
    }

    private TaskLogsRead Answer(ReadTaskLogs question, IReadOnlyList<LogLine> lines, bool done) => new()
    {
        RequestId = question.RequestId,
        NodeId = options.Value.NodeId,
        Lines = lines,
        Done = done,
    };
}
