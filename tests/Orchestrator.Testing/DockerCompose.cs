namespace Orchestrator.Testing;

/// <summary>Docker Compose, version 2.</summary>
public static class DockerCompose
{
    public const string Missing = "no Docker Compose";

    public static async Task<bool> IsThereAsync()
    {
        try
        {
            return (await Shell.RunAsync("docker", ["compose", "version"])).ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
