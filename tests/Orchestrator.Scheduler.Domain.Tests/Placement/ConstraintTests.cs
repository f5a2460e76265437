using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;
using Orchestrator.Scheduler.Domain.Placement.Constraints;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class ConstraintTests
{
    private static readonly NodeSnapshot Node = A.Node("n1", labels: [("zone", "a"), ("cores", "8"), ("my-label.x/y", "1")]) with
    {
        Name = "db-1",
        Role = NodeRole.Manager,
        Platform = new Platform("linux", "x86_64"),
        EngineLabels = new Dictionary<string, string> { ["storage"] = "ssd" },
    };

    [Theory]
    [InlineData("node.id==n1", true)]
    [InlineData("node.id != n1", false)]
    [InlineData("node.hostname == DB-1", true)]
    [InlineData("node.role==manager", true)]
    [InlineData("node.role!=manager", false)]
    [InlineData("node.platform.os==linux", true)]
    [InlineData("node.platform.arch==amd64", true)]
    [InlineData("node.platform.arch==x86_64", true)]
    [InlineData("node.platform.arch==arm64", false)]
    [InlineData("node.labels.zone==a", true)]
    [InlineData("NODE.LABELS.zone==A", true)]
    [InlineData("node.labels.zone==b", false)]
    [InlineData("node.labels.rack==r1", false)]
    [InlineData("node.labels.rack!=r1", true)]
    [InlineData("engine.labels.storage==ssd", true)]
    [InlineData("node.labels.my-label.x/y==1", true)]
    [InlineData("node.labels.zone in b, a", true)]
    [InlineData("node.labels.zone in (b,c)", false)]
    [InlineData("node.labels.rack in b,c", false)]
    [InlineData("node.labels.zone notin b,c", true)]
    [InlineData("node.labels.zone notin a,c", false)]
    [InlineData("node.labels.rack notin a", true)]
    [InlineData("node.labels.zone exists", true)]
    [InlineData("node.labels.rack exists", false)]
    [InlineData("node.labels.cores > 4", true)]
    [InlineData("node.labels.cores>8", false)]
    [InlineData("node.labels.cores < 8.5", true)]
    [InlineData("node.labels.zone > 1", false)]
    [InlineData("node.labels.rack < 1", false)]
    [InlineData("node.hostname ~= ^db-[0-9]+$", true)]
    [InlineData("node.hostname ~= web", false)]
    [InlineData("node.labels.rack ~= .*", false)]
    public void Holds_Tells(string text, bool expected) => Assert.Equal(expected, A.Constraint(text).Holds(Node));

    [Theory]
    [InlineData("node.labels.rack==r1", "lacks label rack=r1")]
    [InlineData("node.labels.rack exists", "lacks label rack (node.labels.rack exists)")]
    [InlineData("node.labels.zone==b", "has zone=a, against node.labels.zone==b")]
    [InlineData("node.role!=manager", "has node.role=manager, against node.role!=manager")]
    public void Reason_NamesWhatIsMissingOrThere(string text, string expected) => Assert.Equal(expected, A.Constraint(text).Reason(Node));

    [Theory]
    [InlineData("", "'' is no constraint; write ATTRIBUTE OPERATOR VALUE")]
    [InlineData("node.role", "is no constraint")]
    [InlineData("==manager", "is no constraint")]
    [InlineData("node.role=manager", "has a single '='; write node.role==manager")]
    [InlineData("node.labels.cores >= 4", "has an operator that is not known, '>='; write ==, !=, in, notin, exists, >, < or ~=")]
    [InlineData("node.labels.zone is a", "has an operator that is not known, 'is'")]
    [InlineData("node.size==4", "names an attribute that is not known, 'node.size'; write node.id, node.hostname")]
    [InlineData("node.labels.==4", "names an attribute that is not known, 'node.labels.'")]
    [InlineData("node.role==boss", "names a role that is not known, 'boss'; write manager or worker")]
    [InlineData("node.labels.zone==", "has no value; write one after the operator, as node.labels.zone==b")]
    [InlineData("node.labels.zone in a,,b", "has no value")]
    [InlineData("node.labels.zone exists a", "has 'a' after 'exists'")]
    [InlineData("node.labels.cores > many", "compares with 'many', which is no number; write one, as node.labels.cores>4")]
    [InlineData("node.labels.cores > NaN", "which is no number")]
    [InlineData("node.hostname ~= (", "has a pattern that cannot be read")]
    [InlineData("node.hostname ~=", "has a pattern of 0 characters")]
    [InlineData(@"node.hostname ~= (a)\1", "looks back or ahead")]
    [InlineData("node.hostname ~= ((a{100}){100}){100}", "repeats more than 1000 times")]
    [InlineData("node.hostname ~= (a{99999999999999999999})", "repeats more than 1000 times")]
    public void Parse_NonsenseText_SaysWhatIsWrongAndWhatToWrite(string text, string expected)
    {
        var parsed = ConstraintParser.Parse(text);
        Assert.Null(parsed.Constraint);
        Assert.Contains(expected, parsed.Error, StringComparison.Ordinal);
        Assert.StartsWith($"'{text}' ", parsed.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_AnyText_GivesAConstraintOrAnError() => CsCheck.Check.Sample(CsCheck.Gen.String, text =>
    {
        var parsed = ConstraintParser.Parse(text);
        Assert.True(parsed.Constraint is null != parsed.Error is null);
        _ = parsed.Constraint?.Holds(Node);
    });

    [Fact]
    public void Holds_PatternMadeToExplode_ComesToAnEnd()
    {
        var node = Node with { Name = new string('a', 200) + "!" };
        Assert.False(A.Constraint("node.hostname ~= ^(a+)+$").Holds(node));
    }
}
