using System.Collections.Concurrent;
using System.Diagnostics;
using Orchestrator.Api.Commands;
using Orchestrator.Contracts;
using Orchestrator.State;

namespace Orchestrator.Api.Tests;

public sealed class TraceTests(ApiHost api) : IClassFixture<ApiHost>
{
    /// <summary>The process that took the request may be gone; what is stored is all there is of the trace.</summary>
    [Fact]
    public async Task ACommandThatIsPublishedLater_IsPublishedWithinTheTraceOfItsRequest()
    {
        var (trace, request) = (ActivityTraceId.CreateRandom().ToHexString(), ActivitySpanId.CreateRandom().ToHexString());
        var ended = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is "MassTransit" or "Orchestrator.Api",
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = ended.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await api.Store<ICommandStore>().AddAsync(
            new CommandDocument
            {
                Id = "later",
                Command = CommandMessages.RemoveApp,
                App = "later",
                Body = CommandMessages.Body(new RemoveApp { CommandId = "later", App = "later" }),
                TraceParent = $"00-{trace}-{request}-01",
                CreatedAt = TimeProvider.System.GetUtcNow(),
                PublishDueAt = TimeProvider.System.GetUtcNow(),
            },
            CancellationToken.None);
        var own = await Until.IsAsync(
            () => Task.FromResult(ended.Where(activity => activity.TraceId.ToHexString() == trace).ToList()),
            activities => activities.Any(activity => activity.OperationName.EndsWith(" process", StringComparison.Ordinal)) && activities.Any(activity => activity.Source.Name == "Orchestrator.Api"),
            "the command is published and consumed in the trace");
        Assert.Contains(own, activity => activity.Source.Name == "Orchestrator.Api" && activity.ParentSpanId.ToHexString() == request);
    }
}
