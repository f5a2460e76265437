using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class TaskGroupsTests
{
    [Fact]
    public void WhoMustNotBeBesideAService_KeepsItAwayToo()
    {
        var web = new ServiceSpec { Name = "web", Placement = new PlacementSpec { ServiceAffinities = [new ServiceAffinitySpec { Service = "db", Weight = -1, Hard = true }, new ServiceAffinitySpec { Service = "cache", Weight = -50 }] } };
        var all = new Dictionary<string, (string Id, ServiceSpec Spec)> { ["shop/web"] = ("w", web), ["shop/db"] = ("d", new ServiceSpec { Name = "db" }), ["shop/cache"] = ("c", new ServiceSpec { Name = "cache" }) };
        Assert.Equal([("d", -1, true), ("c", -50, false)], Affinities("w", "web"));
        Assert.Equal([("w", -1, true)], Affinities("d", "db"));
        Assert.Empty(Affinities("c", "cache"));

        IEnumerable<(string Service, int Weight, bool Hard)> Affinities(string id, string name) =>
            TaskGroups.Of(id, "shop", all["shop/" + name].Spec, all, DemandDefaults.Standard).ServiceAffinities.Select(affinity => (affinity.Service, affinity.Weight, affinity.Hard));
    }

    [Fact]
    public void AServiceOfAnotherApplication_IsNamedWithIt_AndKeptAwayToo()
    {
        var web = new ServiceSpec { Name = "web", Placement = new PlacementSpec { ServiceAffinities = [new ServiceAffinitySpec { Service = "blog/db", Weight = -1, Hard = true }, new ServiceAffinitySpec { Service = "blog/gone", Hard = true }] } };
        var all = new Dictionary<string, (string Id, ServiceSpec Spec)> { ["shop/web"] = ("w", web), ["blog/db"] = ("d", new ServiceSpec { Name = "db" }), ["shop/db"] = ("s", new ServiceSpec { Name = "db" }) };
        Assert.Equal([("d", "blog/db", -1), ("blog/gone", "blog/gone", 100)], Affinities("w", "shop", "web"));
        Assert.Equal([("w", "shop/web", -1)], Affinities("d", "blog", "db"));
        Assert.Empty(Affinities("s", "shop", "db"));

        IEnumerable<(string Service, string Name, int Weight)> Affinities(string id, string app, string name) =>
            TaskGroups.Of(id, app, all[$"{app}/{name}"].Spec, all, DemandDefaults.Standard).ServiceAffinities.Select(affinity => (affinity.Service, affinity.Name, affinity.Weight));
    }

    [Fact]
    public void LabelsOfAnEarlierVersion_AreSpreadOver() => Assert.Equal(
        "node.labels.zone",
        Assert.Single(TaskGroups.Of("s", "shop", new ServiceSpec { Placement = new PlacementSpec { SpreadPreferences = ["node.labels.zone"] } }, new Dictionary<string, (string Id, ServiceSpec Spec)>(), DemandDefaults.Standard).Preferences).Attribute.ToString());

    [Fact]
    public void Devices_CountByKind_WithGenericResourcesOfTheSame()
    {
        var demand = Demand.Of(new ResourceSpec { Generic = new Dictionary<string, long> { ["gpu"] = 1 }, Devices = [new DeviceSpec { Count = 2, Ids = ["a", "b"] }] }, DemandDefaults.Standard);
        Assert.Equal((3, "a,b"), (demand.Generic["gpu"], string.Join(',', demand.DeviceIds)));
    }

    [Theory]
    [InlineData("nginx", "nginx:latest")]
    [InlineData("docker.io/library/nginx:1", "nginx:1")]
    [InlineData("localhost:5000/web", "localhost:5000/web:latest")]
    [InlineData("web@sha256:00", "web@sha256:00")]
    public void AnImage_HasOneName(string written, string full) => Assert.Equal(full, ImageName.Full(written));

    [Fact]
    public void ASpecWithoutNewResources_HasTheHashOfBefore()
    {
        // As the first version computed it: tasks must not be replaced for fields that came later.
        var spec = new ServiceSpec { Name = "web", Container = new ContainerSpec { Image = "web:1" } };
        Assert.Equal(CanonicalJson.TemplateHash(spec), CanonicalJson.TemplateHash(spec with { Priority = 3, Placement = new PlacementSpec { Pool = "big" } }));
        Assert.NotEqual(CanonicalJson.TemplateHash(spec), CanonicalJson.TemplateHash(spec with { Resources = new ResourceSpec { Devices = [new DeviceSpec()] } }));
    }

    [Fact]
    public void Differences_AreToldByPath() => Assert.Equal(
        ["replicas: 1 → 2", "container.image: \"a\" → \"b\"", "placement: none → {\"constraints\":[],\"spreadPreferences\":[],\"preferences\":[],\"maxReplicasPerNode\":null,\"pool\":\"big\",\"pl…"],
        SpecDifferences.Between(new ServiceSpec { Container = new ContainerSpec { Image = "a" } }, new ServiceSpec { Replicas = 2, Container = new ContainerSpec { Image = "b" }, Placement = new PlacementSpec { Pool = "big" } }));
}
