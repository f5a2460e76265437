using Orchestrator.SingleNode;

SingleNodeSettings settings;
try
{
    settings = SingleNodeSettings.Parse(args, Environment.GetEnvironmentVariable);
}
catch (FormatException exception)
{
    await Console.Error.WriteLineAsync("orchestrator: " + exception.Message);
    return 2;
}

return await SingleNodeHost.RunAsync(settings);
