using System.Collections.Concurrent;
using MassTransit;
using Orchestrator.Contracts;

namespace Orchestrator.Api.Tests;

/// <summary>Accepts every deploy, but those of an application called silent only when asked for the second time.</summary>
internal sealed class Scheduler(Scheduler.Taken taken) : IConsumer<DeployApp>, IConsumer<RemoveApp>
{
    public async Task Consume(ConsumeContext<DeployApp> context)
    {
        var message = context.Message;
        taken.Commands.Enqueue(message);
        taken.Ids.Enqueue(message.CommandId!);
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

    public async Task Consume(ConsumeContext<RemoveApp> context)
    {
        taken.Ids.Enqueue(context.Message.CommandId!);
        await context.Publish(new CommandAccepted
        {
            EventId = "answer-" + context.Message.CommandId,
            OccurredAt = DateTimeOffset.UnixEpoch.AddYears(60),
            App = context.Message.App,
            CommandId = context.Message.CommandId,
            Command = "remove-app",
        });
    }

    internal sealed class Taken
    {
        /// <summary>Command ids as they came, doubles too.</summary>
        public ConcurrentQueue<string> Ids { get; } = new();

        public ConcurrentQueue<DeployApp> Commands { get; } = new();
    }
}
