namespace NetGen.Data;

/// <summary>What decodes the samples of JPEG files.</summary>
public enum JpegBackend
{
    /// <summary>libjpeg-turbo where it is on the machine, which is faster; else <see cref="Managed"/>.</summary>
    Auto,

    /// <summary>libjpeg-turbo; where it cannot be loaded, reading is a <see cref="JpegLibraryException"/>.</summary>
    LibJpegTurbo,

    /// <summary>The decoder of this library, which needs nothing.</summary>
    Managed,
}
