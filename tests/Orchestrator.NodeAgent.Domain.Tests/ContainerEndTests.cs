using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Domain.Tasks;

namespace Orchestrator.NodeAgent.Domain.Tests;

public sealed class ContainerEndTests
{
    [Theory]
    [InlineData(0, false, false, TaskState.Completed, "exited with code 0")]
    [InlineData(3, false, false, TaskState.Failed, "exited with code 3")]
    [InlineData(137, false, false, TaskState.Failed, "exited with code 137 (SIGKILL)")]
    [InlineData(143, false, false, TaskState.Failed, "exited with code 143 (SIGTERM)")]
    [InlineData(137, true, false, TaskState.Failed, "out of memory: the kernel killed it (exit code 137); raise its memory limit")]
    [InlineData(0, true, false, TaskState.Completed, "exited with code 0")]
    [InlineData(0, false, true, TaskState.Stopped, null)]
    [InlineData(137, false, true, TaskState.Stopped, null)]
    public void AnEnd_HasAMeaning(int exitCode, bool outOfMemory, bool told, TaskState state, string? message) =>
        Assert.Equal((state, message), ContainerEnd.Meaning(exitCode, outOfMemory, told));
}
