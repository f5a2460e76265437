using System.Globalization;
using System.Text;
using Docker.DotNet;
using Docker.DotNet.Models;
using Orchestrator.Contracts;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>A container's output, line by line, with the engine's times.</summary>
internal static class ContainerLogs
{
    public static async Task<IReadOnlyList<LogLine>> ReadAsync(DockerClient docker, string taskId, string containerId, int? tail, CancellationToken cancellation)
    {
        var parameters = new ContainerLogsParameters
        {
            ShowStdout = true,
            ShowStderr = true,
            Timestamps = true,
            Tail = tail?.ToString(CultureInfo.InvariantCulture) ?? "all",
        };
        using var stream = await docker.Containers.GetContainerLogsAsync(containerId, parameters, cancellation);
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        await stream.CopyOutputToAsync(Stream.Null, stdout, stderr, cancellation);
        return [.. Lines(taskId, stdout, false).Concat(Lines(taskId, stderr, true)).OrderBy(line => line.At)];
    }

    private static IEnumerable<LogLine> Lines(string taskId, MemoryStream stream, bool stderr)
    {
        foreach (var line in Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length).Split('\n'))
        {
            var space = line.IndexOf(' ', StringComparison.Ordinal);
            if (space > 0 && DateTimeOffset.TryParse(line.AsSpan(0, space), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
            {
                yield return new LogLine { TaskId = taskId, Stderr = stderr, At = at, Text = line[(space + 1)..].TrimEnd('\r') };
            }
        }
    }
}
