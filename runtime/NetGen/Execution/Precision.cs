namespace NetGen;

/// <summary>
/// How many binary digits of their operands the large products of a network have on a GPU: those of linear layers, convolutions and their
/// gradients that tensor cores compute. All else is float32 in each precision: products that are too small for tensor cores, sums, all that
/// is stored (activations, parameters, gradients, statistics), losses and optimisers.
/// </summary>
/// <remarks>
/// A network has the kernels of a precision where its project's property <c>NetGenCudaPrecisions</c> names it; those of
/// <see cref="Float32"/> are always there. Operands of infinity, NaN or 2¹²⁷ and more are multiplied as float32 in each.
/// </remarks>
public enum Precision
{
    /// <summary>
    /// float32's 24 digits, a relative error of 2⁻²⁴: tensor cores compute three products for one, from operands in two parts. The default.
    /// </summary>
    Float32 = 0,

    /// <summary>
    /// TensorFloat-32: float32's exponent, and 11 digits (10 of them stored), a relative error of an operand of up to 2⁻¹¹. One product for
    /// one.
    /// </summary>
    TF32 = 1,

    /// <summary>
    /// bfloat16: float32's exponent, and 8 digits (7 of them stored), a relative error of an operand of up to 2⁻⁸. One product for one, of
    /// which tensor cores compute twice as many in the same time as in <see cref="TF32"/>.
    /// </summary>
    BFloat16 = 2,
}
