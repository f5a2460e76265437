using System.CommandLine;
using Orchestrator.Cli.Http;
using Orchestrator.Cli.Output;

namespace Orchestrator.Cli.Backup;

/// <summary><c>orch backup</c>: the cluster's state as one file.</summary>
internal static class BackupCommands
{
    public static Command Create(CliContext context) => new("backup", "The cluster's state as one file: applications, services, tasks, nodes, history, tokens") { Make(context), Restore(context) };

    private static Command Make(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "Where to write it; it holds the environment variables and tokens of all there is" };
        return new Command("create", "Write it, as it is at one moment; nothing has to stop") { file }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            var draft = path + ".part";
            try
            {
                await using (var stream = new FileStream(draft, ForItsOwnerOnly()))
                {
                    await client.DownloadAsync("backup", stream, cancellation);
                }

                File.Move(draft, path, overwrite: true);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                throw new CliException(ExitCodes.Failed, $"{path} cannot be written: {exception.Message}");
            }

            await context.Out.WriteLineAsync($"{path}: {new FileInfo(path).Length / 1024.0:0.#} KiB");
            return ExitCodes.Done;
        });
    }

    private static FileStreamOptions ForItsOwnerOnly()
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static Command Restore(CliContext context)
    {
        var file = new Argument<string>("file") { Description = "What 'orch backup create' wrote" };
        var force = new Option<bool>("--force") { Description = "Replace what is stored" };
        return new Command("restore", "Replace the state by it; then all services are to be started again") { file, force }.WithApi(context, async (parsed, client, cancellation) =>
        {
            var path = parsed.GetRequiredValue(file);
            if (!File.Exists(path))
            {
                throw new CliException(ExitCodes.NotFound, $"there is no file {path}");
            }

            await using var stream = File.OpenRead(path);
            var restored = await client.UploadAsync(parsed.GetValue(force) ? "backup?force=true" : "backup", stream, cancellation);
            await context.Out.WriteLineAsync($"restored the state of {restored.Text("createdAt")}; now start all services again (docker compose restart api scheduler health-monitor, or the single node), and look at orch orphans ls");
            return ExitCodes.Done;
        });
    }
}
