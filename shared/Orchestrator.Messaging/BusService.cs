using MassTransit;

namespace Orchestrator.Messaging;

/// <summary>What one service brings to the bus of its process.</summary>
public sealed record BusService(
    Action<IBusRegistrationConfigurator> AddConsumers,
    Action<IBusFactoryConfigurator, IBusRegistrationContext> ConfigureEndpoints);
