namespace Orchestrator.NodeAgent.Probes;

/// <param name="Good">The container answers as it should.</param>
/// <param name="Text">What it answered, for people: <c>GET :8080/ready: 503</c>.</param>
internal readonly record struct ProbeAnswer(bool Good, string Text);
