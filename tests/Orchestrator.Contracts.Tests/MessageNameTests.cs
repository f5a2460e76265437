using Orchestrator.Messaging;

namespace Orchestrator.Contracts.Tests;

public sealed class MessageNameTests
{
    private static readonly string[] Kinds = ["commands", "events", "instructions", "reports", "requests", "signals"];

    [Fact]
    public void EveryMessage_HasANameOfItsOwn() =>
        Assert.Equal(Messages.All.Count, Messages.All.Select(Messages.NameOf).Distinct().Count());

    [Fact]
    public void EveryMessage_IsNamedByItsKindAndType() =>
        Assert.All(Messages.All, type =>
            Assert.Contains(Messages.NameOf(type), Kinds.Select(kind => $"orchestrator.{kind}.{EntityNames.Kebab(type.Name)}")));

    [Fact]
    public void EveryEvent_TellsItsTypeAsInItsExchange()
    {
        var events = Messages.All.Where(type => Messages.NameOf(type).StartsWith("orchestrator.events.", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(events);
        Assert.All(events, type =>
            Assert.Equal(Messages.NameOf(type), "orchestrator.events." + Assert.IsAssignableFrom<IOrchestratorEvent>(Messages.Sample(type)).Type));
    }

    [Fact]
    public void Contracts_HaveOneFlatNamespace() =>
        Assert.All(typeof(IOrchestratorEvent).Assembly.GetExportedTypes(), type => Assert.Equal("Orchestrator.Contracts", type.Namespace));
}
