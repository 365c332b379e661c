using NetGen.Generator.Surface;

namespace NetGen.Generator.Emit;

/// <summary>
/// What a class of tensors is told of the block that it is part of. All figures are relative to the block, since there is one class for
/// all of its repetitions; outside of blocks that are repeated they are constants, and nothing is told.
/// </summary>
[Flags]
internal enum TensorOrigin
{
    None = 0,

    /// <summary>Path of the block in files.</summary>
    Path = 1,

    /// <summary>Where its learned tensors begin.</summary>
    Learned = 2,

    /// <summary>Where its buffers begin, such as running statistics.</summary>
    Buffers = 4,

    /// <summary>Which of the forms the block has, where repetitions differ in their figures.</summary>
    Form = 8,

    /// <summary>Where its frozen tensors begin.</summary>
    Frozen = 16,

    /// <summary>Whether the tensors are gradients: frozen layers have none.</summary>
    Gradients = 32,
}

internal static class TensorOrigins
{
    /// <summary>The parameter of <see cref="TensorOrigin.Gradients"/>.</summary>
    public const string Gradients = "gradients";

    private static readonly (TensorOrigin Flag, SurfaceParameter Parameter)[] s_parameters =
    [
        (TensorOrigin.Path, new SurfaceParameter("string", "path")),
        (TensorOrigin.Learned, new SurfaceParameter("int", "learned")),
        (TensorOrigin.Buffers, new SurfaceParameter("int", "buffers")),
        (TensorOrigin.Frozen, new SurfaceParameter("int", "frozen")),
        (TensorOrigin.Form, new SurfaceParameter("int", "form")),
        (TensorOrigin.Gradients, new SurfaceParameter("bool", Gradients)),
    ];

    extension(TensorOrigin origin)
    {
        public bool Has(TensorOrigin flag) => (origin & flag) != 0;

        /// <summary>The constructor's parameters behind the buffer.</summary>
        public IEnumerable<SurfaceParameter> Parameters()
            => s_parameters.Where(pair => origin.Has(pair.Flag)).Select(pair => pair.Parameter);
    }
}
