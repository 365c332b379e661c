using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Cpu.Plans;
using NetGen.Generator.Text;
using static NetGen.Generator.Cpu.Kernels.KernelParameters;

namespace NetGen.Generator.Cpu.Drivers;

/// <summary>Writes the kernels of one instruction set and the methods that call them in order.</summary>
internal static class KernelFileEmitter
{
    /// <summary>
    /// The kernels of all networks stand in a namespace of their own, where nothing of the user's can hide the names of the framework:
    /// so they are readable without <c>global::</c>.
    /// </summary>
    public const string Namespace = "NetGen.Generated";

    /// <summary>
    /// A name for every path, and for no two the same: a dot becomes an underscore, and an underscore is followed by a 0, with which no
    /// part of a path begins. <c>A.B_C.Net</c> is <c>A_B_0C_Net</c>, and <c>A.B.C.Net</c> is <c>A_B_C_Net</c>. A path without dots gets an
    /// underscore in front: methods have one underscore, and a class <c>Forward</c> would come to the name of one.
    /// </summary>
    /// <param name="kind">What tells the types of one network apart.</param>
    public static string ClassName(NetworkPlan plan, string kind)
    {
        string path = plan.Network.Spec.Path;
        return $"{(path.IndexOf('.') < 0 ? "_" : "")}{path.Replace("_", "_0").Replace('.', '_')}_{kind}";
    }

    public static void Emit(SourceWriter writer, NetworkPlan plan, NetworkCalls calls, VectorIsa isa)
    {
        var library = new KernelLibrary(isa, plan.SharesTiles);
        var drivers = new SourceWriter();
        string suffix = "_" + isa.Suffix;
        new InferenceDrivers(drivers, library, plan, calls, suffix).Emit();
        if (plan.Entries.PrepareInference is { } prepare)
            PreparationDriver.Emit(drivers, library, calls.Preparation, plan.InferencePrepared,
                prepare, "What inference needs of the weights in another form.", suffix);
        if (plan.Stream is { } stream)
            new StreamDriver(drivers, library, plan, stream, calls.Stream!, suffix).Emit();
        if (calls.Training is { } training)
            new TrainingDrivers(drivers, library, plan, training, calls.Preparation, suffix).Emit();

        writer.Line($"/// <summary>The network's kernels for {isa.Title}: {Literals.Int(isa.Lanes)} floats in a "
            + $"vector, {Literals.Int(isa.Registers)} registers.</summary>");
        using (writer.Block($"internal static unsafe class {ClassName(plan, isa.Suffix)}"))
        {
            writer.Line(drivers.ToString().TrimEnd('\n'));
            library.Emit(writer);
        }
    }

    /// <summary>Samples whose vectors are kept side by side: enough to reuse weights, few enough for the cache.</summary>
    public static int RowBlock(NetworkPlan plan)
        => plan.Inference.Memory.PerRowLength * MostRows * sizeof(float) <= 512 * 1024 ? MostRows : MostRows / 2;

    /// <summary>The most that <see cref="RowBlock"/> gives.</summary>
    public const int MostRows = 96;

    /// <summary>
    /// Floats of one worker's arena: a fixed part and a part for each row of the block. The two ways to compute have a region each:
    /// the halos of one, zero from the start, must not be written by the other.
    /// </summary>
    public static (long Fixed, long PerRow) InferenceArena(NetworkPlan plan) => (
        plan.InferencePrepared.ScratchLength + plan.Inference.Memory.PerSampleLength + (plan.LanesInference?.Memory.PerSampleLength ?? 0),
        plan.Inference.Memory.PerRowLength + (plan.LanesInference?.Memory.PerRowLength ?? 0));
}
