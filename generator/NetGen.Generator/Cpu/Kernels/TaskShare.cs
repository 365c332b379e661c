using NetGen.Generator.Text;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>How workers divide tasks of equal size: each takes a run of neighbours.</summary>
internal static class TaskShare
{
    /// <summary>As many tasks times the most threads that the runtime allows, 1,024, are an <c>int</c>.</summary>
    private const int MaxIntTasks = int.MaxValue / 1024;

    /// <summary>The C# expression of the first task of a worker; with <c>(worker + 1)</c>, of the next one's.</summary>
    private static string Start(int tasks, string worker)
        => tasks <= MaxIntTasks ? $"{Literals.Int(tasks)} * {worker} / workers" : $"(int)({Literals.Int(tasks)}L * {worker} / workers)";

    /// <summary>Declares the first task of this worker and the end of its tasks.</summary>
    public static string Declare(int tasks, string first, string end)
        => $"int {first} = {Start(tasks, "worker")}, {end} = {Start(tasks, "(worker + 1)")};";

    /// <summary>The head of a loop over this worker's tasks.</summary>
    /// <param name="step">Tasks at a time.</param>
    public static string Loop(int tasks, string task, string end = "end", int step = 1)
        => $"for (int {task} = {Start(tasks, "worker")}, {end} = {Start(tasks, "(worker + 1)")}; {task} < {end}; "
            + (step == 1 ? $"{task}++)" : $"{task} += {Literals.Int(step)})");
}
