namespace Orchestrator.EndToEnd.Tests;

[Trait("Lane", "faults")]
public sealed class CommandLineOfCluster(SharedCluster shared) : CommandLine
{
    protected override IInstallation Node => shared.Cluster;

    protected override string Transport => "rabbitmq";

    protected override string NoErrorQueues => "none";
}
