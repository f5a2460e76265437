namespace Orchestrator.Api.Networks;

/// <summary>Where a connection gets to, or stops.</summary>
/// <param name="Step">What is looked at: source, name, networks, egress, tasks, nodes, ingress, port.</param>
/// <param name="Passes">False: it stops here.</param>
/// <param name="Text">Why, and what to do.</param>
internal sealed record TraceStep(string Step, bool Passes, string Text);
