using System.Text.Json;

namespace Orchestrator.Architecture.Tests;

/// <summary><c>docs/design/messages.md</c> leaves out no message and no queue that the broker is started with.</summary>
public sealed class MessageTableTests
{
    [Fact]
    public void EveryMessageAndQueue_IsInTheTables()
    {
        var text = File.ReadAllText(Path.Combine(SourceTests.Root, "docs/design/messages.md"));
        using var definitions = JsonDocument.Parse(File.ReadAllText(Path.Combine(SourceTests.Root, "infra/rabbitmq/definitions.json")));
        var names = new[] { "exchanges", "queues" }
            .SelectMany(kind => definitions.RootElement.GetProperty(kind).EnumerateArray())
            .Select(item => item.GetProperty("name").GetString()!)
            .Distinct()
            .ToList();
        Assert.NotEmpty(names);
        Assert.DoesNotContain(names, name => !text.Contains($"`{name}`", StringComparison.Ordinal));
    }

    [Fact]
    public void EveryStore_IsInTheTableOfOwners()
    {
        var text = File.ReadAllText(Path.Combine(SourceTests.Root, "docs/design/ownership.md"));
        var stores = Directory.GetFiles(Path.Combine(SourceTests.Root, "shared/Orchestrator.State"), "I*Store.cs", SearchOption.AllDirectories)
            .Select(path => Path.GetFileNameWithoutExtension(path)!)
            .ToList();
        Assert.NotEmpty(stores);
        Assert.DoesNotContain(stores, store => !text.Contains($"`{store}`", StringComparison.Ordinal));
    }
}
