using System.Collections.Concurrent;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Tests;

/// <summary>Accepts every deploy, but those of an application called silent only when asked for the second time.</summary>
internal sealed class Scheduler(Scheduler.Taken taken) : IConsumer<DeployApp>
{
    public async Task Consume(ConsumeContext<DeployApp> context)
    {
        var message = context.Message;
        taken.Commands.Enqueue(message);
        if (message.App == "silent" && taken.Commands.Count(command => command.CommandId == message.CommandId) < 2)
        {
            return;
        }

        await context.Publish(new CommandAccepted
        {
            EventId = "answer-" + message.CommandId,
            OccurredAt = DateTimeOffset.UnixEpoch.AddYears(60),
            App = message.App,
            CommandId = message.CommandId,
            Command = "deploy-app",
            Revisions = new Dictionary<string, int> { ["web"] = 1 },
            Changed = true,
        });
    }

    internal sealed class Taken
    {
        public ConcurrentQueue<DeployApp> Commands { get; } = new();
    }
}
