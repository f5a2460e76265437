using Orchestrator.Contracts;
using Orchestrator.Scheduler.Domain.Placement;

namespace Orchestrator.Scheduler.Domain.Tests.Placement;

public sealed class LocalVolumesTests
{
    public static readonly TheoryData<MountSpec, bool> Mounts = new()
    {
        { Volume(null), true },
        { Volume(new VolumeSpec()), true },
        { Volume(new VolumeSpec { Driver = "local", EngineName = "mine" }), true },
        { Volume(new VolumeSpec { Driver = "rexray" }), false },
        { Volume(new VolumeSpec { Driver = "local", DriverOptions = new Dictionary<string, string> { ["type"] = "nfs" } }), false },
        { Volume(new VolumeSpec { External = true }), false },
        { Volume(null) with { Source = "" }, false },
        { Volume(null) with { Type = MountType.Bind, Source = "/data" }, false },
        { Volume(null) with { Type = MountType.Tmpfs }, false },
    };

    [Theory]
    [MemberData(nameof(Mounts))]
    public void AVolume_Binds_WhereItsDataStandOnTheNode(MountSpec mount, bool binds)
    {
        var spec = new ServiceSpec { Name = "db", Container = new ContainerSpec { Image = "db:1", Mounts = [mount, mount] } };
        Assert.Equal(binds ? ["data"] : [], LocalVolumes.Of(spec));
        Assert.Empty(LocalVolumes.Of(spec with { Mode = ServiceMode.Global }));
    }

    private static MountSpec Volume(VolumeSpec? volume) => new() { Type = MountType.Volume, Source = "data", Target = "/data", Volume = volume };
}
