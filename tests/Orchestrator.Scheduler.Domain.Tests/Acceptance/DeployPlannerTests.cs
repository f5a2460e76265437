using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;

namespace Orchestrator.Scheduler.Domain.Tests.Acceptance;

public sealed class DeployPlannerTests
{
    private static readonly ServiceSpec Web = new()
    {
        Name = "web",
        Replicas = 2,
        Container = new ContainerSpec { Image = "web:1", Environment = new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" } },
    };

    [Fact]
    public void Plan_NewApplication_WantsTheFirstRevisionOfEachService()
    {
        var plan = DeployPlanner.Plan(Spec(Web), Nothing, ["fresh"]);
        Assert.Equal(new CurrentService("fresh", 1, 2, Web), plan.Wanted["web"]);
        Assert.Equal(["web"], plan.NewRevisions);
        Assert.True(plan.Changed);
    }

    [Fact]
    public void Plan_TheSameAgain_ChangesNothingThoughMapsAreWrittenInAnotherOrder()
    {
        var reordered = Web with { Container = Web.Container with { Environment = new Dictionary<string, string> { ["B"] = "2", ["A"] = "1" } } };
        var plan = DeployPlanner.Plan(Spec(reordered), Now(Web, 4), ["unused"]);
        Assert.False(plan.Changed);
        Assert.Empty(plan.NewRevisions);
        Assert.Equal(4, plan.Wanted["web"].Revision);
    }

    [Fact]
    public void Plan_OnlyReplicas_MakesNoRevision()
    {
        var plan = DeployPlanner.Plan(Spec(Web with { Replicas = 5 }), Now(Web, 4), ["unused"]);
        Assert.True(plan.Changed);
        Assert.Empty(plan.NewRevisions);
        Assert.Equal(5, plan.Wanted["web"].Replicas);
    }

    [Fact]
    public void Plan_OtherImage_MakesTheNextRevisionOfTheSameService()
    {
        var plan = DeployPlanner.Plan(Spec(Web with { Container = new ContainerSpec { Image = "web:2" } }), Now(Web, 4), ["unused"]);
        Assert.Equal(("id-web", 5), (plan.Wanted["web"].ServiceId, plan.Wanted["web"].Revision));
    }

    [Fact]
    public void Plan_ServiceNotNamedAnyMore_Leaves()
    {
        var plan = DeployPlanner.Plan(Spec(Web with { Name = "other" }), Now(Web, 4), ["fresh"]);
        Assert.Equal(["id-web"], plan.Leaving);
    }

    [Fact]
    public void TemplateHash_ServiceLabelsAndPlacement_DoNotMatter()
    {
        var other = Web with { Labels = new Dictionary<string, string> { ["team"] = "a" }, Placement = new PlacementSpec { Constraints = ["node.role==manager"] } };
        Assert.Equal(CanonicalJson.TemplateHash(Web), CanonicalJson.TemplateHash(other));
        Assert.False(CanonicalJson.SameButReplicas(Web, other));
    }

    [Fact]
    public void TemplateHash_Probes_Matter() =>
        Assert.NotEqual(CanonicalJson.TemplateHash(Web), CanonicalJson.TemplateHash(Web with { Probes = new ProbesSpec { Liveness = new ProbeSpec { Tcp = new TcpProbeSpec { Port = 80 } } } }));

    [Fact]
    public void TemplateHash_AnythingOfTheContainer_Matters()
    {
        ServiceSpec[] others =
        [
            Web with { Container = Web.Container with { Image = "web:2" } },
            Web with { Container = Web.Container with { Environment = new Dictionary<string, string> { ["A"] = "1" } } },
            Web with { Container = Web.Container with { Command = [] } },
            Web with { Ports = [new PortSpec { Target = 80 }] },
            Web with { Resources = new ResourceSpec { LimitCpus = 1 } },
        ];
        Assert.All(others, other => Assert.NotEqual(CanonicalJson.TemplateHash(Web), CanonicalJson.TemplateHash(other)));
    }

    private static IReadOnlyDictionary<string, CurrentService> Nothing { get; } = new Dictionary<string, CurrentService>();

    private static ApplicationSpec Spec(params ServiceSpec[] services) => new() { Services = services };

    private static Dictionary<string, CurrentService> Now(ServiceSpec spec, int revision) =>
        new() { [spec.Name] = new CurrentService("id-" + spec.Name, revision, spec.Replicas, spec) };
}
