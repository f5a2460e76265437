using System.Globalization;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Explain;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

/// <summary>The numbers in docs/design/placement.md.</summary>
public sealed class WorkedExampleTests
{
    [Fact]
    public void TheWorkedExample_IsWhatThePlannerDoes()
    {
        var cluster = A.Cluster(
            [
                A.Node("node-1", labels: [("zone", "a")]), A.Node("node-2", labels: [("zone", "b")]),
                A.Node("node-3", labels: [("zone", "b")]), A.Node("node-4", labels: [("zone", "a")]) with { Refuses = "is paused" },
            ],
            ("node-1", "db.1", A.Claim("db", 2, 4L << 30)),
            ("node-2", "cache.1", A.Claim("cache", 1, 1L << 30)));
        var group = A.Group(cpus: 1, memory: 1L << 30) with { Preferences = [new(A.Attribute("node.labels.zone"))] };
        var result = new PlacementPlanner(new PlacementOptions()).Place(group, 2, cluster);
        Assert.Equal(["node-1", "node-2"], result.NodeIds);
        var expected = string.Join("\n\n", result.Explanations.Select((explanation, i) => $"{(i == 0 ? "The first" : "The second")} task: {explanation.Refusals[0]}.\n\n{Table(explanation)}"));
        Assert.Contains(expected, File.ReadAllText(Path.Combine(Root(), "docs/design/placement.md")), StringComparison.Ordinal);
    }

    private static string Table(Explanation explanation) => string.Join('\n',
    [
        "| | " + string.Join(" | ", explanation.Best[0].Parts.Select(part => string.Create(CultureInfo.InvariantCulture, $"{part.Name} ×{part.Weight}"))) + " | score |",
        "|---|" + string.Concat(explanation.Best[0].Parts.Select(_ => "---:|")) + "---:|",
        .. explanation.Best.Select(best => string.Create(CultureInfo.InvariantCulture, $"| {best.Node} | {string.Join(" | ", best.Parts.Select(part => part.Score.ToString("0.00", CultureInfo.InvariantCulture)))} | {best.Score:0.00} |")),
    ]);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Orchestrator.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("Orchestrator.sln is not found above the tests");
        }

        return folder.FullName;
    }
}
