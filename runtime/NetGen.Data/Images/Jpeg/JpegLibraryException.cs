namespace NetGen.Data;

/// <summary>A JPEG file is to be read by libjpeg-turbo, which cannot be loaded.</summary>
public sealed class JpegLibraryException : PlatformNotSupportedException
{
    internal JpegLibraryException(string problem)
        : base(problem)
    {
    }
}
