using Orchestrator.NodeAgent.Domain.Probes;

namespace Orchestrator.NodeAgent.Domain.Posts;

/// <param name="Standing">What was said, and what was not, amounts to.</param>
/// <param name="Text">For people: <c>it posted ready: false (warming up)</c>.</param>
/// <param name="Wait">After so long without a post it may be another; null: only a post makes it so.</param>
public readonly record struct PostVerdict(ProbeStanding Standing, string Text, TimeSpan? Wait);
