using Orchestrator.Cli;

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, press) =>
{
    press.Cancel = true;
    stop.Cancel();
};
return await OrchCli.RunAsync(args, new CliContext(Console.Out, Console.Error, Environment.GetEnvironmentVariable, !Console.IsOutputRedirected), stop.Token);
