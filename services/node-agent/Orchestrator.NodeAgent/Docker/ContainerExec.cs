using Docker.DotNet;
using Docker.DotNet.Models;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>A command inside a running container.</summary>
internal static class ContainerExec
{
    public static async Task<long> RunAsync(DockerClient docker, string containerId, IReadOnlyList<string> command, CancellationToken cancellation)
    {
        var parameters = new ContainerExecCreateParameters { Cmd = [.. command], AttachStdout = true, AttachStderr = true };
        var exec = await EngineCalls.MeasureAsync("exec-create", () => docker.Exec.CreateContainerExecAsync(containerId, parameters, cancellation));

        // Its output ends when it does.
        using var stream = await EngineCalls.MeasureAsync("exec-start", () => docker.Exec.StartContainerExecAsync(exec.ID, new ContainerExecStartParameters(), cancellation));
        await stream.CopyOutputToAsync(Stream.Null, Stream.Null, Stream.Null, cancellation);
        return (await EngineCalls.MeasureAsync("exec-inspect", () => docker.Exec.InspectContainerExecAsync(exec.ID, cancellation))).ExitCode ?? -1;
    }
}
