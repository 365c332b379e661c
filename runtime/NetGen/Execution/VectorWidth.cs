namespace NetGen;

/// <summary>Width in bits of the vectors that a session or trainer computes with.</summary>
public enum VectorWidth
{
    /// <summary>The widest that the processor runs at full speed.</summary>
    Auto = 0,

    /// <summary>128-bit vectors: SSE or Arm's AdvSimd. Works on every machine.</summary>
    Vector128 = 128,

    /// <summary>256-bit vectors: AVX2 with FMA.</summary>
    Vector256 = 256,

    /// <summary>512-bit vectors: AVX-512 F, BW, DQ and VL.</summary>
    Vector512 = 512,
}
