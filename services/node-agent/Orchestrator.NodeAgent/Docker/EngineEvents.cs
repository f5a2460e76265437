using System.Globalization;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Orchestrator.NodeAgent.Docker;

/// <summary>The engine's event stream. A position is kept so that nothing is lost or doubled when it breaks.</summary>
internal static class EngineEvents
{
    private const long NanosPerSecond = 1_000_000_000;

    public static Task WatchAsync(
        DockerClient docker, EngineNames names, DateTimeOffset since, Action<ContainerEvent> onEvent, Action<string> onPosition, string? position, CancellationToken cancellation)
    {
        var filters = names.OursFilter();
        filters["type"] = new Dictionary<string, bool> { ["container"] = true };
        filters["event"] = new Dictionary<string, bool> { ["die"] = true, ["oom"] = true, ["health_status"] = true };
        var from = position ?? string.Create(CultureInfo.InvariantCulture, $"{since.ToUnixTimeMilliseconds() / 1000}.{since.Millisecond:D3}000000");
        return docker.System.MonitorEventsAsync(new ContainerEventsParameters { Since = from, Filters = filters }, new Sink(onEvent, onPosition), cancellation);
    }

    private static ContainerEvent? EventOf(Message message, DateTimeOffset at)
    {
        if (message.Actor?.Attributes is not { } attributes || !attributes.TryGetValue(EngineNames.Task, out var taskId))
        {
            return null;
        }

        ContainerEventKind? kind = message.Action switch
        {
            "die" => ContainerEventKind.Died,
            "oom" => ContainerEventKind.OutOfMemory,
            "health_status: healthy" => ContainerEventKind.Healthy,
            "health_status: unhealthy" => ContainerEventKind.Unhealthy,
            _ => null,
        };
        var exitCode = attributes.TryGetValue("exitCode", out var text) && int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var code) ? code : 0;
        return kind is null ? null : new ContainerEvent(taskId, message.Actor.ID, kind.Value, at, exitCode);
    }

    /// <summary>Not <see cref="Progress{T}"/>: that one reorders.</summary>
    private sealed class Sink(Action<ContainerEvent> onEvent, Action<string> onPosition) : IProgress<Message>
    {
        public void Report(Message value)
        {
            var nanos = value.TimeNano ?? 0;
            if (EventOf(value, DateTimeOffset.UnixEpoch.AddTicks(nanos / 100)) is { } containerEvent)
            {
                onEvent(containerEvent);
            }

            onPosition(string.Create(CultureInfo.InvariantCulture, $"{(nanos + 1) / NanosPerSecond}.{(nanos + 1) % NanosPerSecond:D9}"));
        }
    }
}
