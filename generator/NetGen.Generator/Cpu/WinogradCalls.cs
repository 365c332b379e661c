using NetGen.Generator.Cpu.Kernels;
using NetGen.Generator.Ir;

namespace NetGen.Generator.Cpu;

/// <summary>Calls of Winograd's kernels that convolutions and transposed ones make alike.</summary>
internal static class WinogradCalls
{
    /// <summary>
    /// Calls what computes the gradient of the weights: one kernel, or with several segments of the batch two and a meeting between them.
    /// </summary>
    /// <param name="source">The value of the geometry's source; likewise <paramref name="target"/>.</param>
    /// <param name="gradient">The weights' gradient.</param>
    public static void WeightGradient(
        KernelSelection selection, Node node, string name, string summary, ConvolutionGeometry g,
        Value source, Value target, Argument gradient)
    {
        WinogradGradient kernels = Winograd.Gradient(name, summary, g);
        Argument sums = selection.Prepared(node, PreparedForm.WinogradSums);
        Argument? last = kernels.IsSegmented ? null : gradient;
        selection.CallForParameters(kernels.Create(), node, source, target, last, sums, KernelSelection.Scratch);
        if (kernels.IsSegmented)
            selection.CallAfterMeeting(kernels.CreateEnd(), node, sums, gradient);
    }
}
