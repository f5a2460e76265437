namespace Orchestrator.EndToEnd.Tests;

public sealed class FailuresOnSingleNode(SharedNode shared) : FailureScenarios
{
    protected override IInstallation Node => shared.Node;
}
