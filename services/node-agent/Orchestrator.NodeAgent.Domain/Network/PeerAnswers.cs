namespace Orchestrator.NodeAgent.Domain.Network;

/// <summary>Which of the nodes that this one sends connections to answer it. One that never answered may be where nothing of the kind is let through, and tells nothing.</summary>
public sealed record PeerAnswers
{
    /// <summary>One question may get lost.</summary>
    public const int QuestionsToMiss = 2;

    /// <summary>By node id: questions in a row that were not answered, of those that have answered before.</summary>
    private IReadOnlyDictionary<string, int> Missed { get; init; } = new Dictionary<string, int>();

    public IReadOnlySet<string> Silent => Missed.Where(peer => peer.Value >= QuestionsToMiss).Select(peer => peer.Key).ToHashSet();

    /// <param name="answered">By node id, for every node that was asked. Those that are asked no more are forgotten.</param>
    public PeerAnswers Round(IReadOnlyDictionary<string, bool> answered) => new()
    {
        Missed = answered.Where(peer => peer.Value || Missed.ContainsKey(peer.Key)).ToDictionary(peer => peer.Key, peer => peer.Value ? 0 : Missed[peer.Key] + 1),
    };
}
