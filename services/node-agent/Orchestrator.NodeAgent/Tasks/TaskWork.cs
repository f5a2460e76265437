using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orchestrator.Contracts;
using Orchestrator.NodeAgent.Docker;
using Orchestrator.NodeAgent.Domain.Probes;
using Orchestrator.NodeAgent.Domain.Tasks;
using Orchestrator.NodeAgent.Network;
using Orchestrator.NodeAgent.Ports;
using Orchestrator.NodeAgent.Posts;
using Orchestrator.NodeAgent.Probes;
using Orchestrator.NodeAgent.Reports;

namespace Orchestrator.NodeAgent.Tasks;

/// <summary>The pieces of work on one task. The caller runs them one after another.</summary>
internal sealed class TaskWork(
    IContainerRuntime runtime, IIngressRouter router, ClusterNetwork network, DrainTurns drains, TaskReporter reporter, ProbeRunner probes, PostDesk posts, IOptions<NodeAgentOptions> options,
    TimeProvider time, ILogger<TaskWork> logger) : IDisposable
{
    private static readonly TimeSpan DefaultGrace = TimeSpan.FromSeconds(10);
    private const int KeptLines = 20;
    private const int KeptLength = 300;
    private readonly SemaphoreSlim _starts = new(options.Value.ParallelStarts);

    public Task FollowAsync(TaskEntry entry) => ContainerPlanner.Plan(entry.Wanted, entry.Phase, entry.State.IsFinal()) switch
    {
        TaskAction.Start => StartAsync(entry, cancellation => runtime.StartAsync(entry.Id, entry.Spec!, image => Pulling(entry, image), cancellation)),
        TaskAction.StartCreated => StartAsync(entry, cancellation => runtime.StartCreatedAsync(entry.Container!.Id, cancellation)),
        TaskAction.Stop => StopAsync(entry),
        TaskAction.Discard => DiscardAsync(entry),
        TaskAction.ReportStopped => EndAsync(entry, TaskState.Stopped, null),
        TaskAction.ReportGone => EndAsync(entry, TaskState.Failed, "its container is gone: somebody removed it while the agent was away"),
        _ => RouteAndReportAsync(entry),
    };

    public async Task AdoptAsync(TaskEntry entry, FoundContainer found)
    {
        if (entry.State.IsFinal())
        {
            await RemoveLeftOverAsync(entry, found);
            return;
        }

        entry.Container = found;
        entry.TakenOver = true;
        entry.RunningAt ??= found.StartedAt;
        entry.Health = found.Health;
        posts.Admit(entry);
        entry.State = found.Phase == ContainerPhase.Running ? TaskState.Running : entry.State;
        if (found.Phase == ContainerPhase.Ended)
        {
            entry.KilledForMemory |= found.OutOfMemory;
            await ExitedAsync(entry, found.ExitCode, found.FinishedAt ?? time.GetUtcNow());
        }
        else if (entry.Wanted is not null)
        {
            // What was wanted while the engine was away was not done.
            await FollowAsync(entry);
        }
    }

    /// <summary>The engine made it and could not say so: the task was told as failed, and another has taken its place.</summary>
    private async Task RemoveLeftOverAsync(TaskEntry entry, FoundContainer found)
    {
        if (entry.Container is null && found.Phase != ContainerPhase.Ended)
        {
            await runtime.RemoveAsync(found.Id, CancellationToken.None);
        }
    }

    public Task MissAsync(TaskEntry entry)
    {
        if (entry.State.IsFinal())
        {
            return Task.CompletedTask;
        }

        entry.Container = null;
        return EndAsync(entry, TaskState.Failed, "its container is gone: somebody removed it while the engine was away");
    }

    public async Task HappenedAsync(TaskEntry entry, ContainerEvent happened)
    {
        if (entry.Container?.Id != happened.ContainerId)
        {
            return;
        }

        if (happened.Kind == ContainerEventKind.OutOfMemory)
        {
            TakeKillForMemory(entry);
            return;
        }

        if (entry.State.IsFinal())
        {
            return;
        }

        switch (happened.Kind)
        {
            case ContainerEventKind.Died:
                await ExitedAsync(entry, happened.ExitCode, happened.At);
                break;
            default:
                entry.Health = happened.Kind == ContainerEventKind.Healthy ? HealthState.Healthy : HealthState.Unhealthy;
                entry.Message = entry.Health == HealthState.Unhealthy ? "its health check fails" : null;
                await RouteAndReportAsync(entry);
                break;
        }
    }

    /// <summary>The engine tells of the kernel's kill before the end or, on a busy machine, a second after it: the end is told at once and its cause when it is known.</summary>
    private void TakeKillForMemory(TaskEntry entry)
    {
        var known = entry.KilledForMemory;
        entry.KilledForMemory = true;
        if (!known && entry is { State: TaskState.Failed, ExitCode: { } exitCode })
        {
            entry.Message = ContainerEnd.Meaning(exitCode, outOfMemory: true, toldToStop: false).Message;
            reporter.Report(entry);
        }
    }

    public IReadOnlyList<string> Superfluous(IEnumerable<TaskEntry> ended) => EndedContainers.Superfluous(
        ended.Select(entry => new EndedContainer(entry.Id, entry.Place!.Value.App, entry.Place.Value.Service, entry.Place.Value.Slot, entry.FinishedAt ?? DateTimeOffset.MinValue)),
        options.Value.FinishedContainersKept);

    public async Task ForgetAsync(TaskEntry entry)
    {
        if (entry.Container is { } container)
        {
            entry.Container = null;
            await runtime.RemoveAsync(container.Id, CancellationToken.None);
        }
    }

    public void Dispose() => _starts.Dispose();

    private async Task StartAsync(TaskEntry entry, Func<CancellationToken, Task<StartedContainer>> start)
    {
        if (entry.Spec is null)
        {
            // The instruction came without what to run; the scheduler sends it again until it is applied.
            return;
        }

        try
        {
            await _starts.WaitAsync(entry.Starting.Token);
            try
            {
                var started = await start(entry.Starting.Token);
                entry.Container = started.Container;
                posts.Admit(entry);
                entry.EngineTime = started.EngineTime;
                entry.Message = started.Note;
                entry.RunningAt = started.Container.StartedAt ?? time.GetUtcNow();
                entry.Health = started.Container.Health;
                entry.State = TaskState.Running;
            }
            finally
            {
                _starts.Release();
            }
        }
        catch (RefusedException refused)
        {
            await EndAsync(entry, refused.Rejected ? TaskState.Rejected : TaskState.Failed, refused.Message);
            return;
        }
        catch (OperationCanceledException) when (entry.Starting.IsCancellationRequested)
        {
            entry.Container = null;
            await EndAsync(entry, TaskState.Stopped, null);
            return;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or IOException or OperationCanceledException or global::Docker.DotNet.DockerApiException)
        {
            await EndAsync(entry, TaskState.Failed, $"the engine did not start it ({exception.Message.ReplaceLineEndings(" ")}); look at the engine's log on the node");
            return;
        }

        Log.ContainerStarted(logger, entry.Id, entry.Container.Identity.Name);
        await AfterStartAsync(entry);
    }

    /// <summary>It may have ended before anybody looked, and the instruction may be another by now.</summary>
    private async Task AfterStartAsync(TaskEntry entry)
    {
        if (entry.Phase == ContainerPhase.Ended)
        {
            var container = entry.Container!;
            entry.KilledForMemory |= container.OutOfMemory;
            await ExitedAsync(entry, container.ExitCode, container.FinishedAt ?? time.GetUtcNow());
            return;
        }

        await RouteAndReportAsync(entry);
    }

    private void Pulling(TaskEntry entry, string image)
    {
        entry.Message = $"fetching image {image}";
        reporter.Report(entry);
    }

    private async Task StopAsync(TaskEntry entry)
    {
        entry.State = TaskState.Stopping;
        probes.Forget(entry.Id);
        reporter.Report(entry);
        var container = entry.Container!;
        await DrainAsync(entry, container);
        await runtime.StopAsync(container.Id, GraceOf(entry), CancellationToken.None);
        var after = await runtime.InspectAsync(container.Id, CancellationToken.None);
        entry.Container = after;
        await ExitedAsync(entry, after?.ExitCode ?? 0, after?.FinishedAt ?? time.GetUtcNow());
    }

    /// <summary>No new connections, from this node first; then those that it has end, or their time does.</summary>
    private async Task DrainAsync(TaskEntry entry, FoundContainer container)
    {
        await network.LeaveAsync(entry.Id);
        if (entry.Wanted is { AwaitsDrain: true })
        {
            await drains.WaitAsync(entry.Id);
        }

        var limit = options.Value.DrainLimit;
        await Task.WhenAll(
            router.DrainAsync(entry.Id, limit),
            container is { InCluster: true, Address: { } address } ? drains.WaitForConnectionsAsync(address, limit, CancellationToken.None) : Task.CompletedTask);
    }

    private async Task DiscardAsync(TaskEntry entry)
    {
        await runtime.RemoveAsync(entry.Container!.Id, CancellationToken.None);
        entry.Container = null;
        await EndAsync(entry, TaskState.Stopped, null);
    }

    private async Task ExitedAsync(TaskEntry entry, int exitCode, DateTimeOffset at)
    {
        var (state, message) = ContainerEnd.Meaning(exitCode, entry.KilledForMemory, entry.Wanted?.Desired == DesiredState.Stop);
        entry.ExitCode = exitCode;
        entry.FinishedAt = at;
        await EndAsync(entry, state, message);
        if (state != TaskState.Stopped)
        {
            await KeepLastLinesAsync(entry);
        }
    }

    /// <summary>Told after the end itself, which nothing may hold up: its successor waits for it.</summary>
    private async Task KeepLastLinesAsync(TaskEntry entry)
    {
        if (entry.Container is not { } container)
        {
            return;
        }

        try
        {
            var lines = await runtime.ReadLogsAsync(entry.Id, container.Id, KeptLines, CancellationToken.None);
            entry.LastLines = [.. lines.TakeLast(KeptLines).Select(line => line.Text.Length > KeptLength ? line.Text[..KeptLength] : line.Text)];
            if (lines.Count > 0)
            {
                reporter.Report(entry);
            }
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or IOException or global::Docker.DotNet.DockerApiException)
        {
            // The container or the engine is gone, and its output with it.
        }
    }

    private async Task ProbedAsync(TaskEntry entry, ProbeRole role, bool good, string text)
    {
        if (entry.State != TaskState.Running)
        {
            return;
        }

        if (!good && role != ProbeRole.Readiness)
        {
            await ReplaceAsync(entry, $"its {(role == ProbeRole.Startup ? "startup" : "liveness")} probe failed: {text}");
            return;
        }

        if (role == ProbeRole.Liveness || (role == ProbeRole.Startup && entry.Spec?.Probes?.Readiness is not null))
        {
            return;
        }

        entry.ProbesPass = good;
        entry.Message = good ? null : $"its readiness probe fails: {text}";
        await RouteAndReportAsync(entry);
    }

    public Task CutOffAsync(TaskEntry entry, TimeSpan lasts)
    {
        entry.NeedsNoSuccessor = true;
        return entry.State == TaskState.Running
            ? ReplaceAsync(entry, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"stopped after {lasts.TotalSeconds:0} s without contact to the cluster, as disconnect.stop_on_client_after says"))
            : Task.CompletedTask;
    }

    /// <summary>The container runs and is of no use: it is stopped, and its task has failed.</summary>
    private async Task ReplaceAsync(TaskEntry entry, string reason)
    {
        entry.ProbesPass = false;
        entry.Message = reason;
        router.Remove(entry.Id);
        reporter.Report(entry);
        var container = entry.Container!;
        await runtime.StopAsync(container.Id, GraceOf(entry), CancellationToken.None);
        if (await runtime.InspectAsync(container.Id, CancellationToken.None) is { } after)
        {
            entry.Container = after;
            (entry.ExitCode, entry.FinishedAt) = (after.ExitCode, after.FinishedAt);
        }

        await EndAsync(entry, TaskState.Failed, reason);
        await KeepLastLinesAsync(entry);
    }

    private static TimeSpan GraceOf(TaskEntry entry) => entry.Spec is { } spec ? TimeSpan.FromSeconds(spec.Container.StopGracePeriodSeconds) : DefaultGrace;

    private Task EndAsync(TaskEntry entry, TaskState state, string? message)
    {
        router.Remove(entry.Id);
        probes.Forget(entry.Id);
        posts.Dismiss(entry);
        network.Release(entry.Id);
        drains.Forget(entry.Id);
        entry.State = state;
        entry.Message = message;
        entry.PortProblem = null;
        entry.Health = HealthState.None;
        entry.FinishedAt ??= time.GetUtcNow();
        Log.TaskEnded(logger, entry.Id, state.ToString(), message);
        reporter.Report(entry);
        return Task.CompletedTask;
    }

    private Task RouteAndReportAsync(TaskEntry entry)
    {
        if (entry is { State: TaskState.Running, Spec: { } spec, Wanted: { } wanted })
        {
            if (entry.Container is { InCluster: true, Address: { } address })
            {
                network.Know(entry.Id, spec, address);
            }

            BeginProbes(entry, spec.Probes, wanted);
            var ports = spec.Ports.Where(port => port.Mode == PortMode.Ingress).ToList();
            if (ports.Count > 0)
            {
                var takes = entry.IsHealthy && wanted is { Routed: true, Desired: DesiredState.Run };
                var (bound, problem) = router.Put(new IngressEndpoint(entry.Id, spec.App, spec.Service, ports, entry.Container?.Address, entry.Container?.InCluster == true, takes, spec.Network?.Policy?.Ingress is not null));
                entry.IngressPorts = bound;
                entry.PortProblem = problem;
                if (problem is not null)
                {
                    _ = RouteAgainAsync(entry);
                }
            }
        }

        reporter.Report(entry);
        return Task.CompletedTask;
    }

    /// <summary>Until the first answers a container is not ready, unless it was when the agent took it over.</summary>
    private void BeginProbes(TaskEntry entry, ProbesSpec? spec, NodeTask wanted)
    {
        if (spec is not null && wanted.Desired == DesiredState.Run
            && probes.Watch(entry, spec, (role, good, text) => entry.EnqueueAsync(() => ProbedAsync(entry, role, good, text))))
        {
            entry.ProbesPass = (spec.Startup ?? spec.Readiness) is null || (entry.TakenOver && wanted.Ready);
        }
    }

    /// <summary>Whoever has the port may leave it.</summary>
    private async Task RouteAgainAsync(TaskEntry entry)
    {
        await Task.Delay(options.Value.PortRetryInterval, time);
        await entry.EnqueueAsync(() => RouteAndReportAsync(entry));
    }
}
