namespace NetGen.Generator.Cpu.Kernels;

/// <summary>The second-level cache that schedules count on: what server and desktop cores of recent years have at least.</summary>
internal static class CommonL2
{
    /// <summary>Weights that stay in it while samples pass.</summary>
    public const long Floats = 256 * 1024;

    /// <summary>Activations that stay in it while weights pass.</summary>
    public const int HalfFloats = 128 * 1024;
}
