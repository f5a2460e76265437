using System.Text.RegularExpressions;

namespace Orchestrator.Architecture.Tests;

/// <summary>Each line of <c>docs/design/failures.md</c> names tests that are there.</summary>
public sealed partial class FailureTableTests
{
    [Fact]
    public void EveryFault_IsShownByATestThatExists()
    {
        var rows = File.ReadAllLines(Path.Combine(SourceTests.Root, "docs/design/failures.md"))
            .Where(line => line.StartsWith('|') && !line.StartsWith("|---", StringComparison.Ordinal) && !line.StartsWith("| Fault", StringComparison.Ordinal))
            .Select(line => line.Trim('|', ' ').Split('|')[^1])
            .ToList();
        Assert.True(rows.Count > 20);
        Assert.All(rows, row => Assert.NotEmpty(Named().Matches(row)));
        Assert.All(rows.SelectMany(row => Named().Matches(row)).Select(match => (Class: match.Groups[1].Value, Test: match.Groups[2].Value)), name =>
        {
            var file = Assert.Single(Directory.GetFiles(Path.Combine(SourceTests.Root, "tests"), name.Class + ".cs", SearchOption.AllDirectories));
            Assert.Contains(name.Test.Length > 0 ? $" {name.Test}(" : $"class {name.Class}", File.ReadAllText(file), StringComparison.Ordinal);
        });
    }

    [GeneratedRegex(@"`([A-Z]\w+)(?:\.(\w+))?`")]
    private static partial Regex Named();
}
