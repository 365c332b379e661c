using NetGen.Generator.Cpu.Layouts;
using NetGen.Generator.Ir;
using NetGen.Generator.Specs;

namespace NetGen.Generator.Cpu.Kernels;

/// <summary>
/// Windows over planes of 16 lanes, channels or samples alike. Where no window leaves the image the taps are written out;
/// otherwise the range of taps is clipped to the image, so that padding is never read.
/// </summary>
internal static class Pooling
{
    public static Kernel Forward(string name, string summary, PoolWindows pool, Layout input, Layout output)
        => new PoolForward(name, summary, pool, input, output).Create();

    /// <param name="input">Of the pool; like <paramref name="pooled"/>, its result, only for a maximum.</param>
    /// <param name="mask">The activation whose derivative is fused, and the layout of what it saved.</param>
    public static Kernel Gradient(string name, string summary, PoolWindows pool,
        Layout gradient, Layout? input, Layout? pooled, Layout output,
        (Activation Kind, Layout Layout)? mask)
        => pool.IsMax
            ? new MaxPoolGradient(name, summary, pool, gradient, input!, pooled!, output, mask).Create()
            : new AveragePoolGradient(name, summary, pool, gradient, output, mask).Create();
}
