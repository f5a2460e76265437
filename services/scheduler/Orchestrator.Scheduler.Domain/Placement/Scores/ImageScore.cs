namespace Orchestrator.Scheduler.Domain.Placement.Scores;

/// <summary>100 where the image is, 0 where it would have to be pulled.</summary>
public static class ImageScore
{
    public static double Of(TaskGroup group, NodeSnapshot node) => group.Image is null || node.Images.Contains(group.Image) ? 100 : 0;
}
