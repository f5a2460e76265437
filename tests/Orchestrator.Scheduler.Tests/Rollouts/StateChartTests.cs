using Orchestrator.Contracts;

namespace Orchestrator.Scheduler.Tests.Rollouts;

/// <summary>The chart in <c>docs/design/rollout.md</c> is what the machine does. <c>ORCH_WRITE_CHART=1</c> writes it.</summary>
public sealed class StateChartTests(MachineHarness machine) : IClassFixture<MachineHarness>
{
    private const string Begin = "```mermaid\nstateDiagram-v2\n";
    private const string End = "```";

    [Fact]
    public async Task TheChart_IsWhatTheMachineDoes_AndEveryStateHasAWayInAndAWayOut()
    {
        var transitions = await Transitions.AllAsync(machine);
        var moves = transitions.Where(move => move.From != move.To).ToList();
        var path = Path.Combine(Repository.Root, "docs/design/rollout.md");
        var text = await File.ReadAllTextAsync(path);
        var start = text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length;
        var end = text.IndexOf(End, start, StringComparison.Ordinal);
        var chart = Chart(moves);
        if (Environment.GetEnvironmentVariable("ORCH_WRITE_CHART") is { Length: > 0 })
        {
            text = text[..start] + chart + text[end..];
            await File.WriteAllTextAsync(path, text);
            end = start + chart.Length;
        }

        Assert.Equal(chart, text[start..end]);
        foreach (var state in Enum.GetValues<RolloutState>())
        {
            Assert.True(state == RolloutState.Planned || moves.Any(move => move.To == state), $"nothing leads to {state}");
            Assert.True(Reachable(state, moves).Any(RolloutStates.IsEnded), $"{state} has no way out");
        }
    }

    [Fact]
    public async Task AMessageTakenTwice_ChangesNothingMore()
    {
        var transitions = await Transitions.AllAsync(machine);

        // One that was told to go on and hears the same again: its command is known, or its counts are.
        await Task.WhenAll(transitions.Select(move => machine.PublishAsync(move.Message)));
        foreach (var move in transitions)
        {
            var again = await machine.TakenAsync(move.RolloutId, 2);
            Assert.True(again.State == move.To || (move.To, again.State) is (RolloutState.Progressing, RolloutState.Monitoring), $"{move.From}, {move.Name}: first {move.To}, then {again.State}");
            Assert.True(again.Obeyed.Count <= 1 && again.Rollbacks <= 1 && again.Stage <= 1);
        }
    }

    private static string Chart(IReadOnlyList<Transition> moves) =>
        "    [*] --> Planned\n"
        + string.Concat(moves.GroupBy(move => (move.From, move.To)).OrderBy(group => group.Key.From).ThenBy(group => group.Key.To)
            .Select(group => $"    {group.Key.From} --> {group.Key.To}: {string.Join(", ", group.Select(move => move.Name).Distinct())}\n"));

    private static HashSet<RolloutState> Reachable(RolloutState from, IReadOnlyList<Transition> moves)
    {
        var reached = new HashSet<RolloutState> { from };
        while (moves.Any(move => reached.Contains(move.From) && reached.Add(move.To)))
        {
        }

        return reached;
    }
}
