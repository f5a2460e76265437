using Orchestrator.NodeAgent.Domain.Names;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class OwnContainerTests
{
    private const string Id = "4e8d1f0c2b7a69583746251403f2e1d0c9b8a7968574635241302f1e0d9c8b7a";

    [Theory]
    [InlineData($"2121 2102 254:0 /var/lib/docker/containers/{Id}/resolv.conf /etc/resolv.conf rw,relatime - ext4 /dev/vda rw")]
    [InlineData($"2122 2102 0:44 /@/data/containers/{Id}/hostname /etc/hostname rw,relatime shared:3 - btrfs /dev/sda2 rw")]
    public void InAContainer_TheEnginesFiles_TellItsId(string mount) => Assert.Equal(Id, OwnContainer.IdIn(["21 1 254:0 / / rw,relatime - ext4 /dev/vda rw", mount]));

    /// <summary>A machine has mounts of all its containers.</summary>
    [Theory]
    [InlineData($"812 30 0:61 / /var/lib/docker/containers/{Id}/mounts/shm rw,nosuid - tmpfs shm rw")]
    [InlineData("813 30 254:0 /var/lib/orchestrator-lab/lab/hosts /etc/hosts rw,relatime - ext4 /dev/vda rw")]
    public void OnAMachine_ThereIsNone(string mount) => Assert.Null(OwnContainer.IdIn(["21 1 254:0 / / rw,relatime - ext4 /dev/vda rw", mount]));
}
