namespace Orchestrator.Contracts;

/// <summary>What is wrong with a rollout policy, or was corrected in it.</summary>
/// <param name="Path">In the service's spec: <c>rollout.canary</c>.</param>
/// <param name="Text">What, and what to do.</param>
/// <param name="IsError">False: a correction, or something without effect.</param>
public sealed record PolicyRemark(string Path, string Text, bool IsError);
