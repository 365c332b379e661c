
    /// <summary>Activation&lt;QuickGELU&gt; in place over a run of floats.</summary>
    /// <remarks>AVX-512. The count is a multiple of 16.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void QuickGELURow_Avx512(float* values, int count)
    {
        unchecked
        {
            for (int i = 0; i < count; i += 16)
            {
                Vector512<float> x = Vector512.Load(&values[i]);
                (ElementFunction<global::App.QuickGELU>.Forward(x)).Store(&values[i]);
            }
        }
    }

    /// <summary>Activation1, Activation&lt;QuickGELU&gt;, forward: (20, 4, 4) → (20, 4, 4).</summary>
    /// <remarks>AVX-512. input [sample / 16][20][4][4][16 samples]; output [sample / 16][20][4][4][16 samples].</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Activation1LanesForward_Avx512(float* input, float* output, int blocks, int samples)
    {
        unchecked
        {
            for (int n = 0; n < blocks; n++, input += 5136, output += 5136)
            {
                for (int i = 0; i < 5120; i += 16)
                {
                    Vector512<float> x = Vector512.Load(&input[i]);
                    (ElementFunction<global::App.QuickGELU>.Forward(x)).Store(&output[i]);
                }
            }
            // Lanes of the last block without a sample: sums over samples multiply them by zero.
            Relayout.ClearLanes(output - 5136, samples, 320);
        }
    }

    /// <summary>Activation1, Activation&lt;QuickGELU&gt;, gradient of the input: (20, 4, 4) → (20, 4, 4).</summary>
    /// <remarks>AVX-512. outputGradient [sample / 16][20][4][4][16 samples]; saved [sample / 16][20][4][4][16 samples]; output [sample / 16][20][4][4][16 samples].</remarks>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Activation1LanesInputGradient_Avx512(float* outputGradient, float* saved, float* output, int blocks)
    {
        unchecked
        {
            for (int n = 0; n < blocks; n++, outputGradient += 5136, saved += 5136, output += 5136)
            {
                for (int i = 0; i < 5120; i += 16)
                {
                    Vector512<float> gradient = Vector512.Load(&outputGradient[i]), x = Vector512.Load(&saved[i]);
                    (ChainRule_Avx512(gradient, ElementFunction<global::App.QuickGELU>.Derivative(x))).Store(&output[i]);
                }
            }
        }
    }

    /// <summary>gradient · slope; where the gradient is zero, zero, whatever the slope.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> ChainRule_Avx512(Vector512<float> gradient, Vector512<float> slope)
    {
        return Vector512.ConditionalSelect(Vector512.Equals(gradient, Vector512<float>.Zero), Vector512<float>.Zero, gradient * slope);
    }
