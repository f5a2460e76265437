using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Acceptance;

namespace Orchestrator.Scheduler.Domain.Tests.Acceptance;

public sealed class SpecValidatorTests
{
    private static readonly ServiceSpec Good = new() { Name = "web", Container = new ContainerSpec { Image = "web:1" } };

    public static TheoryData<ServiceSpec, string> Faults => new()
    {
        { Good with { Name = "Web!" }, "spec.services[0].name: 'Web!' is no name" },
        { Good with { Name = "" }, "spec.services[0].name: '' is no name" },
        { Good with { Container = new ContainerSpec() }, "spec.services[0].container.image: it is missing" },
        { Good with { Replicas = -1 }, "spec.services[0].replicas: -1 replicas cannot be" },
        { Good with { Replicas = 10_001 }, "spec.services[0].replicas: 10001 replicas cannot be" },
        { Good with { Ports = [new PortSpec { Target = 0 }] }, "spec.services[0].ports[0].target: 0 is no port" },
        { Good with { Ports = [new PortSpec { Target = 80, Published = 70_000 }] }, "spec.services[0].ports[0].published: 70000 is no port" },
        { Good with { Network = new NetworkSpec { Networks = [new NetworkAttachment { Name = "no/name" }] } }, "spec.services[0].network.networks[0]: 'no/name' is no name of a network" },
        { Good with { Network = new NetworkSpec { Policy = new NetworkPolicySpec { Ingress = [new NetworkPolicyRule { Service = "nobody" }] } } }, "spec.services[0].network.policy.ingress[0]: there is no service 'nobody'" },
        { Good with { Network = new NetworkSpec { Policy = new NetworkPolicySpec { Egress = [new NetworkPolicyRule { Cidr = "10.0.0.1/8" }] } } }, "spec.services[0].network.policy.egress[0]: '10.0.0.1/8' is no range" },
        { Good with { Network = new NetworkSpec { Policy = new NetworkPolicySpec { Egress = [new NetworkPolicyRule { Ports = ["0"] }] } } }, "spec.services[0].network.policy.egress[0]: '0' is no port" },
        { Good with { Resources = new ResourceSpec { LimitCpus = double.NaN } }, "spec.services[0].resources: CPUs must be positive" },
        { Good with { Resources = new ResourceSpec { LimitCpus = 1e300 } }, "spec.services[0].resources: CPUs must be positive numbers, at most 100000" },
        { Good with { Container = Good.Container with { Healthcheck = new HealthcheckSpec { StartPeriodSeconds = 1e12 } } }, "spec.services[0].container.healthcheck: intervals" },
        { Good with { Restart = new RestartPolicy { WindowSeconds = double.NaN } }, "spec.services[0].restart" },
        { Good with { Resources = new ResourceSpec { LimitMemoryBytes = 1000 } }, "spec.services[0].resources.limitMemoryBytes: 1000 is less" },
        { Good with { Resources = new ResourceSpec { LimitCpus = 1, ReservedCpus = 2 } }, "spec.services[0].resources: more is reserved than the limit" },
        { Good with { Container = Good.Container with { StopGracePeriodSeconds = -1 } }, "spec.services[0].container.stopGracePeriodSeconds" },
        { Good with { Restart = new RestartPolicy { DelaySeconds = -1 } }, "spec.services[0].restart" },
        { Good with { DependsOn = [new Dependency { Service = "db" }] }, "spec.services[0].dependsOn: there is no service 'db'" },
        { Good with { DependsOn = [new Dependency { Service = "web" }] }, "spec.services: web wait for each other" },
        { Good with { Container = Good.Container with { Mounts = [new MountSpec { Type = MountType.Bind, Source = "data", Target = "/d" }] } }, "spec.services[0].container.mounts[0].source" },
        { Good with { Container = Good.Container with { Mounts = [new MountSpec { Type = MountType.Volume, Source = "data", Target = "d" }] } }, "spec.services[0].container.mounts[0].target" },
    };

    [Theory]
    [MemberData(nameof(Faults))]
    public void Check_Fault_IsNamedWithItsPlace(ServiceSpec service, string expected) =>
        Assert.Contains(SpecValidator.Check(new ApplicationSpec { Services = [service] }), error => error.StartsWith(expected, StringComparison.Ordinal));

    [Fact]
    public void Check_GoodSpec_HasNoError() => Assert.Empty(SpecValidator.Check(new ApplicationSpec { Services = [Good] }));

    [Fact]
    public void Check_ManyFaults_TellsAllAtOnce() =>
        Assert.Equal(2, SpecValidator.Check(new ApplicationSpec { Services = [Good with { Replicas = -1, Container = new ContainerSpec() }] }).Count);

    [Fact]
    public void Check_ServiceTwiceAndPortTwice_TellsBoth()
    {
        var published = Good with { Ports = [new PortSpec { Target = 80, Published = 8080 }] };
        var errors = SpecValidator.Check(new ApplicationSpec { Services = [published, published] });
        Assert.Contains(errors, error => error.Contains("stands twice", StringComparison.Ordinal));
        Assert.Contains(errors, error => error.Contains("port 8080 is published twice", StringComparison.Ordinal));
    }

    [Fact]
    public void Check_NoServices_SaysSo() => Assert.Single(SpecValidator.Check(new ApplicationSpec()));

    [Theory]
    [InlineData("shop", true)]
    [InlineData("shop_2-a", true)]
    [InlineData("", false)]
    [InlineData("Shop", false)]
    [InlineData("-shop", false)]
    [InlineData(null, false)]
    public void CheckAppName_Name_IsJudged(string? name, bool good) => Assert.Equal(good, !SpecValidator.CheckAppName(name).Any());

    [Fact]
    public void Conflicts_PortOfAnotherApplication_NamesTheHolder()
    {
        var published = Good with { Ports = [new PortSpec { Target = 80, Published = 8080 }] };
        var error = Assert.Single(PublishedPorts.Conflicts("new", [published], [("shop", published)]));
        Assert.Equal("new/web: port 8080 is published by shop/web; publish another, or remove that one first", error);
        Assert.Empty(PublishedPorts.Conflicts("shop", [published], [("shop", published)]));
    }
}
