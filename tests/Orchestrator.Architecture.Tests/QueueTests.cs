using System.Text.RegularExpressions;
using Orchestrator.Messaging;

namespace Orchestrator.Architecture.Tests;

/// <summary>Which queues there are.</summary>
public sealed partial class QueueTests
{
    /// <summary>A queue that the list lacks has an error queue that nobody looks into.</summary>
    [Fact]
    public void TheErrorQueues_AreLookedFor_OfEveryQueueThatAServiceReceivesFrom()
    {
        var declared = SourceTests.Sources().Select(File.ReadAllText).SelectMany(source => Prefix().Match(source) is { Success: true } prefix
            ? Endpoint().Matches(source).Select(match => prefix.Groups[1].Value + match.Groups[1].Value)
            : []);
        Assert.Equal(declared.Order(StringComparer.Ordinal), ErrorQueueNames.ServiceQueues.Order(StringComparer.Ordinal));
    }

    [GeneratedRegex("const string Prefix = \"([^\"]+)\"")]
    private static partial Regex Prefix();

    [GeneratedRegex("(?:ReceiveEndpoint\\(|SharedQueue\\(context, )Prefix \\+ \"([^\"]+)\"")]
    private static partial Regex Endpoint();
}
