namespace Orchestrator.EndToEnd.Tests;

public sealed class CommandLineOfSingleNode(SharedNode shared) : CommandLine
{
    protected override IInstallation Node => shared.Node;

    protected override string Transport => "memory";

    protected override string NoErrorQueues => "none: the in-memory bus keeps no error queues";
}
