using System.Collections.Concurrent;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Tests;

/// <summary>Takes deploys, or fails at each.</summary>
internal sealed class FailingScheduler(FailingScheduler.State state) : IConsumer<DeployApp>
{
    public Task Consume(ConsumeContext<DeployApp> context)
    {
        if (state.Fails)
        {
            throw new InvalidOperationException("cannot take " + context.Message.App);
        }

        state.Taken.Enqueue((context.Message.App!, [.. context.ReceiveContext.TransportHeaders.GetAll().Select(header => header.Key)]));
        return Task.CompletedTask;
    }

    internal sealed class State
    {
        public bool Fails { get; set; } = true;

        public ConcurrentQueue<(string App, IReadOnlyList<string> Headers)> Taken { get; } = new();
    }
}
