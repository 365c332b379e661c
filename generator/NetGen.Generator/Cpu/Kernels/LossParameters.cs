using NetGen.Generator.Layers.Losses;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>What the kernels of losses have besides the output and its gradient; the methods that call them have the same.</summary>
internal static class LossParameters
{
    /// <summary>Values to compare with, in the caller's order.</summary>
    public static readonly KernelParameter Target = KernelParameters.Floats("target");

    /// <summary>A number for each sample to compare with, e.g. its class.</summary>
    public static readonly KernelParameter Labels = KernelParameters.Ints("labels");

    extension (TargetParameter target)
    {
        /// <summary>The parameter of the kernels that takes it.</summary>
        public KernelParameter Kernel => target is ValueTarget ? Target : Labels;

        /// <summary>The pointer in the kernels.</summary>
        public string Pointer => target.Kernel.Name;
    }

    /// <summary>The loss of each sample, which the kernel writes.</summary>
    public static readonly KernelParameter Losses = KernelParameters.Doubles("losses");

    /// <summary>The number in the batch of the first sample that is computed.</summary>
    public static readonly KernelParameter First = KernelParameters.Int("first");

    /// <summary>The samples of the batch.</summary>
    public static readonly KernelParameter Batch = KernelParameters.Int("samples");

    /// <summary>1 over what the sum of the losses is divided by.</summary>
    public static readonly KernelParameter Scale = KernelParameters.Float("scale");
}
