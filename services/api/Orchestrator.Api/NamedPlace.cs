namespace Orchestrator.Api;

/// <summary>Where something stands in a list by names.</summary>
/// <param name="App">Empty where there is none.</param>
/// <param name="Name">Its name.</param>
/// <param name="Id">Names need not be unique.</param>
internal sealed record NamedPlace(string App, string Name, string Id);
