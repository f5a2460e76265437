namespace Orchestrator.Simulator;

/// <param name="Bus">The broker's address, user and password in it.</param>
/// <param name="ClusterId">At least 8 letters.</param>
/// <param name="Cpus">Of each node.</param>
/// <param name="MemoryBytes">Of each node.</param>
/// <param name="Conduct">Of a node, by its number from 1.</param>
/// <param name="Seed">Of the dice.</param>
internal sealed record SimulationSettings(string Bus, string ClusterId, double Cpus, long MemoryBytes, Func<int, NodeConduct> Conduct, int Seed)
{
    public Uri Broker => new(Bus.Replace("rabbitmq://", "amqp://", StringComparison.Ordinal));
}
