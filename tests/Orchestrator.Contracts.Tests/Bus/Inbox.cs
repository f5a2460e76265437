using System.Collections.Concurrent;
using MassTransit;

namespace Orchestrator.Contracts.Tests.Bus;

/// <summary>What the consumers under test were given.</summary>
internal sealed class Inbox
{
    public Arrivals Commands_ { get; } = [];

    public Arrivals Events_ { get; } = [];

    public Arrivals Signals_ { get; } = [];

    internal sealed class Arrivals : BlockingCollection<string>
    {
        public Task<string> TakeAsync(TimeSpan deadline) => Task.Run(() =>
            TryTake(out var item, deadline) ? item : throw new TimeoutException($"nothing arrived within {deadline}"));
    }

    internal sealed class Commands(Inbox inbox) : IConsumer<DeployApp>
    {
        public Task Consume(ConsumeContext<DeployApp> context)
        {
            var service = context.Message.Spec!.Services[0];
            inbox.Commands_.Add($"{context.Message.CommandId} {context.Message.App} {service.Name} {service.Container.Image}");
            return Task.CompletedTask;
        }
    }

    internal sealed class Events(Inbox inbox) : IConsumer<IOrchestratorEvent>
    {
        public Task Consume(ConsumeContext<IOrchestratorEvent> context)
        {
            inbox.Events_.Add(context.ReceiveContext.Body.GetString());
            return Task.CompletedTask;
        }
    }

    internal sealed class Signals(Inbox inbox) : IConsumer<ServiceChanged>
    {
        public Task Consume(ConsumeContext<ServiceChanged> context)
        {
            inbox.Signals_.Add(context.Message.ServiceId);
            return Task.CompletedTask;
        }
    }
}
