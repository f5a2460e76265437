using System.Globalization;
using Orchestrator.Contracts;

namespace Orchestrator.Faults.EndToEnd.Tests;

/// <summary>What the steps of the schedule do to a cluster on the lab.</summary>
internal sealed class ChaosFaults(Scene scene)
{
    private readonly Cluster _cluster = scene.Cluster;
    private readonly Lab _lab = scene.Lab!;

    /// <summary>Returns when the fault has ended, and every process answers again.</summary>
    public async Task DoAsync(ChaosStep step)
    {
        await (step.Kind switch
        {
            ChaosKind.KillContainer => OnContainerAsync(step, "kill"),
            ChaosKind.PauseContainer => OnContainerAsync(step, "pause", "unpause"),
            ChaosKind.KillMachine => KillMachineAsync(step),
            ChaosKind.PauseMachine => OnMachineAsync(step, "pause", "resume"),
            ChaosKind.CutMachine => OnMachineAsync(step, "cut", "heal"),
            ChaosKind.KillAgent => KillAsync(_cluster.Agents, step),
            ChaosKind.FreezeAgent => FreezeAsync(_cluster.Agents, step),
            ChaosKind.KillScheduler => KillAsync(_cluster.Schedulers, step),
            ChaosKind.FreezeScheduler => FreezeAsync(_cluster.Schedulers, step),
            ChaosKind.KillApi => KillAsync(_cluster.Apis, step),
            ChaosKind.FreezeApi => FreezeAsync(_cluster.Apis, step),
            ChaosKind.KillHealthMonitor => KillAsync(_cluster.HealthMonitors, step),
            ChaosKind.FreezeHealthMonitor => FreezeAsync(_cluster.HealthMonitors, step),
            ChaosKind.CutDatabase => scene.LoseAsync(Part.DatabaseConnection),
            ChaosKind.KillBroker => scene.LoseAsync(Part.Broker),
            ChaosKind.FreezeBroker => UndoneAsync(step, scene.Broker.FreezeAsync, scene.Broker.ThawAsync),
            ChaosKind.CutAgents => UndoneAsync(step, Done(scene.AgentsProxy.Cut), Done(scene.AgentsProxy.Heal)),
            ChaosKind.DelayAgents => UndoneAsync(step, Done(scene.AgentsProxy.Hold), Done(scene.AgentsProxy.LetGo)),
            ChaosKind.RepeatReports => RepeatReportsAsync(step),
            ChaosKind.DoubleSignals => DoubleSignalsAsync(),
            _ => throw new InvalidOperationException($"nobody does {step.Kind}"),
        });
        await Task.WhenAll(_cluster.All.Select(process => process.ReadyAsync()));
    }

    /// <summary>Its engine, its agent and its containers die at one moment; with the power back, the containers stay as they are.</summary>
    private async Task KillMachineAsync(ChaosStep step)
    {
        await OnMachineAsync(step, "kill", "start");
        _cluster.Agents[step.Target % _cluster.Agents.Count].Begin();
    }

    private Task OnMachineAsync(ChaosStep step, string what, string undo)
    {
        var node = (1 + (step.Target % _cluster.Agents.Count)).ToString(CultureInfo.InvariantCulture);
        return UndoneAsync(step, () => _lab.RunAsync(what, node), () => _lab.RunAsync(undo, node));
    }

    private async Task OnContainerAsync(ChaosStep step, string what, string? undo = null)
    {
        var running = await Containers.OnLabAsync(scene);
        if (running.Count == 0)
        {
            return;
        }

        // It may end of itself meanwhile.
        var (node, id) = running[step.Target % running.Count];
        var number = node.ToString(CultureInfo.InvariantCulture);
        await _lab.TryAsync("exec", number, "docker", what, id);
        if (undo is not null)
        {
            await Task.Delay(step.Lasts, TimeProvider.System);
            await _lab.TryAsync("exec", number, "docker", undo, id);
        }
    }

    private static async Task KillAsync(IReadOnlyList<ServiceProcess> all, ChaosStep step)
    {
        var process = all[step.Target % all.Count];
        await process.KillAsync();
        await Task.Delay(step.Lasts, TimeProvider.System);
        process.Begin();
    }

    private static Task FreezeAsync(IReadOnlyList<ServiceProcess> all, ChaosStep step)
    {
        var process = all[step.Target % all.Count];
        return UndoneAsync(step, process.FreezeAsync, process.ThawAsync);
    }

    private static async Task UndoneAsync(ChaosStep step, Func<Task> what, Func<Task> undo)
    {
        await what();
        await Task.Delay(step.Lasts, TimeProvider.System);
        await undo();
    }

    private static Func<Task> Done(Action what) => () =>
    {
        what();
        return Task.CompletedTask;
    };

    private async Task RepeatReportsAsync(ChaosStep step)
    {
        await using var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        await outsider.RepeatAsync<TasksReported>(step.Lasts, new Random(step.Target));
    }

    private async Task DoubleSignalsAsync()
    {
        await using var outsider = await Outsider.ConnectAsync(scene.Broker.ControlUri);
        foreach (var service in await scene.Stores.Services.ListAsync(null, CancellationToken.None))
        {
            await outsider.PublishAsync(new ServiceChanged { ServiceId = service.Id });
            await outsider.PublishAsync(new ServiceChanged { ServiceId = service.Id });
        }
    }
}
